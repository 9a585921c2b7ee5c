/**
 * A job's way through its attempts as one trace, sent by OTLP. Made of what the status says when it
 * is written: nothing is kept between two writes, and nothing here is loaded while tracing is off.
 */
package io.fashionmnist.training.operator.trace;
