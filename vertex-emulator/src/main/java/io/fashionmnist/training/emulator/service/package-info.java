/**
 * Google's services by gRPC, which Armeria serves as REST too. Thin: they read requests, ask the
 * other rooms, count calls and let faults happen.
 */
package io.fashionmnist.training.emulator.service;
