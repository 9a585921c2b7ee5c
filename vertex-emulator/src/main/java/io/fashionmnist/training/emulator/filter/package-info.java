/** Google's list filters (AIP-160), read and applied to any resource. Knows no resource. */
package io.fashionmnist.training.emulator.filter;
