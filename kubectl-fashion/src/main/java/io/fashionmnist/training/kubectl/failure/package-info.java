/** What goes wrong, as one line for the user and an exit code. */
package io.fashionmnist.training.kubectl.failure;
