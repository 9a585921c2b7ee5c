/** Cloud Logging and Cloud Storage, with the user's own credentials. */
package io.fashionmnist.training.kubectl.google;
