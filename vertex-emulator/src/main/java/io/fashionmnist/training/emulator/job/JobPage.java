package io.fashionmnist.training.emulator.job;

import com.google.cloud.aiplatform.v1.CustomJob;
import io.fashionmnist.training.emulator.error.ApiException;
import io.fashionmnist.training.emulator.filter.Filter;
import io.fashionmnist.training.emulator.filter.FilterException;
import io.fashionmnist.training.emulator.filter.FilterParser;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/**
 * A page of a list: the newest jobs come first, and jobs that are created meanwhile shift nothing.
 *
 * @param jobs at most a thousand: the service names no limit
 * @param nextPageToken empty at the end
 */
public record JobPage(List<CustomJob> jobs, String nextPageToken) {
  private static final int LARGEST = 1_000;
  private static final Comparator<TrainingJob> NEWEST_FIRST =
      Comparator.comparing(JobPage::key).reversed();

  /** Makes a page of all jobs that a filter lets through. */
  static JobPage of(List<TrainingJob> all, String filter, int pageSize, String pageToken) {
    if (pageSize < 0) {
      throw ApiException.invalidArgument("Page size must not be negative.");
    }
    String before = pageToken.isEmpty() ? "" : decode(pageToken);
    int size = pageSize == 0 ? LARGEST : Math.min(pageSize, LARGEST);
    try {
      Filter parsed = FilterParser.parse(filter);
      List<TrainingJob> rest =
          all.stream()
              .filter(job -> parsed.matches(new JobFields(job.resource())))
              .sorted(NEWEST_FIRST)
              .filter(job -> before.isEmpty() || key(job).compareTo(before) < 0)
              .limit(size + 1L)
              .toList();
      List<TrainingJob> page = rest.subList(0, Math.min(size, rest.size()));
      return new JobPage(
          page.stream().map(TrainingJob::resource).toList(),
          rest.size() > size ? encode(key(page.getLast())) : "");
    } catch (FilterException e) {
      throw ApiException.invalidArgument("Invalid filter: " + e.getMessage());
    }
  }

  private static String key(TrainingJob job) {
    return "%020d.%09d/%s"
        .formatted(job.createdAt().getEpochSecond(), job.createdAt().getNano(), job.id());
  }

  private static String encode(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalidArgument("Invalid page token.");
    }
  }
}
