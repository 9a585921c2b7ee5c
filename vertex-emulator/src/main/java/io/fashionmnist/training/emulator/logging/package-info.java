/** Cloud Logging, as far as it tells what custom jobs wrote. */
package io.fashionmnist.training.emulator.logging;
