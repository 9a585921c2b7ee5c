/**
 * What tests of several modules share: a browser to open pages in, the Vertex AI emulator, and the
 * calls that code makes of Google. Nothing that is shipped.
 */
package io.fashionmnist.training.testing;
