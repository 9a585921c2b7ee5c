/**
 * What the operator answers when it is asked what it would do, and what it knows of quotas: plain
 * records, which its read-only HTTP API sends and its clients read. Absent is what nobody knows.
 */
package io.fashionmnist.training.api.plan;
