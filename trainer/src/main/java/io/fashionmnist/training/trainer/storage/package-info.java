/**
 * Where files are: directories, buckets and, for reading, web servers, behind one small interface.
 * What the files mean stays out.
 */
package io.fashionmnist.training.trainer.storage;
