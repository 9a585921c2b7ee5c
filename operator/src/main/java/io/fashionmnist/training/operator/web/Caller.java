package io.fashionmnist.training.operator.web;

import java.util.List;
import java.util.Map;

/**
 * Who asks, as the cluster knows them.
 *
 * @param extra what the authenticator tells besides
 */
record Caller(String name, String uid, List<String> groups, Map<String, List<String>> extra) {}
