/** What is to go wrong: rules that match calls and draw their faults. Carries out nothing. */
package io.fashionmnist.training.emulator.fault;
