/**
 * What Vertex ML Metadata keeps: stores with contexts, artifacts and executions, and who belongs to
 * whom. Experiments and their runs are contexts. Knows no server.
 */
package io.fashionmnist.training.emulator.metadata;
