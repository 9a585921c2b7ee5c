/** The status page. Reads, never changes. */
package io.fashionmnist.training.emulator.web;
