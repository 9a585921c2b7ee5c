/**
 * What people and their programs ask the operator, read-only: who asks, what they may know, and the
 * answers. Nothing is reserved, written or decided here; how a placement is judged is the
 * backends'.
 */
package io.fashionmnist.training.operator.web;
