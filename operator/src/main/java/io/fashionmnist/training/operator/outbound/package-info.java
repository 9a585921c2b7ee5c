/** What every call to Google's services has in common, whichever room makes it. */
package io.fashionmnist.training.operator.outbound;
