/** How the log tells of jobs: under which keys, and one line for each thing that happens. */
package io.fashionmnist.training.operator.log;
