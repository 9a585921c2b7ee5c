/** The command line. The only room that knows picocli. */
package io.fashionmnist.training.emulator.cli;
