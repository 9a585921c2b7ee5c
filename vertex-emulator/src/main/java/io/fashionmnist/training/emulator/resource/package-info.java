/**
 * What resources of every kind have in common: names, times, etags, pages, and fields that a list
 * is filtered and ordered by. Knows no kind.
 */
package io.fashionmnist.training.emulator.resource;
