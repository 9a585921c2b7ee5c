/**
 * What people and their programs ask the operator, read-only: who asks, what they may know, and the
 * answers: the API of {@code kubectl fashion}, and the page. The page reads jobs from the API
 * server with the viewer's own token, never with the operator's. Nothing is reserved, written or
 * decided here; how a placement is judged is the backends'.
 */
package io.fashionmnist.training.operator.web;
