/**
 * The administration over HTTP: quota, faults, jobs and calls while the emulator runs. JSON in and
 * out; no rule of its own.
 */
package io.fashionmnist.training.emulator.admin;
