/** What is known, as text: for a terminal, or plain. Pure but for the screen it is written on. */
package io.fashionmnist.training.kubectl.text;
