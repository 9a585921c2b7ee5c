/**
 * What a job needs of which quota ({@link io.fashionmnist.training.operator.quota.QuotaDemand}),
 * what is known of the quotas ({@link io.fashionmnist.training.operator.quota.QuotaLedger}), and
 * where that is read ({@link io.fashionmnist.training.operator.quota.QuotaReader}, which alone
 * calls anyone). Nothing here knows of jobs' resources, starts or ends anything, or chooses a
 * placement.
 */
package io.fashionmnist.training.operator.quota;
