/**
 * {@code report.html}: a finished run on one page that opens anywhere, offline. Pure: a summary
 * goes in, text comes out. Whatever a user has named, classes above all, is escaped by the
 * template; no string is ever put together to HTML here. TensorFlow and storage may not enter.
 */
package io.fashionmnist.training.trainer.page;
