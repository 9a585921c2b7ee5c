/**
 * The page for people: jobs, one job's attempts, curves and confusion matrix. Read-only, and nobody
 * sees more than with kubectl: whatever is shown was read from the API server with the viewer's own
 * token, never with the operator's. Deciding and writing stay out.
 */
package io.fashionmnist.training.operator.web;
