/** Which placements a job goes through, and which comes next. Pure; nothing is called from here. */
package io.fashionmnist.training.operator.placement;
