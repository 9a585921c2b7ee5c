/** What tests of several modules share: a browser to open pages in. Nothing that is shipped. */
package io.fashionmnist.training.testing;
