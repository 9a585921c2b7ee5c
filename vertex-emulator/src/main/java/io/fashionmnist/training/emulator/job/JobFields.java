package io.fashionmnist.training.emulator.job;

import com.google.cloud.aiplatform.v1.CustomJob;
import com.google.cloud.aiplatform.v1.JobState;
import io.fashionmnist.training.emulator.filter.Compare;
import io.fashionmnist.training.emulator.filter.Fields;
import io.fashionmnist.training.emulator.filter.Filter.Operator;
import io.fashionmnist.training.emulator.filter.FilterException;

/** A custom job's fields that a list can be filtered by. */
record JobFields(CustomJob job) implements Fields {
  @Override
  public boolean compare(String field, Operator operator, String value) {
    if (field.equals("labels") || field.startsWith("labels.")) {
      return Compare.label(job.getLabelsMap(), field, operator, value);
    }
    return switch (field) {
      case "display_name", "displayName" -> Compare.text(job.getDisplayName(), operator, value);
      case "name" -> Compare.text(job.getName(), operator, value);
      case "state" -> state(operator, value);
      case "create_time", "createTime" ->
          Compare.time(Times.instant(job.getCreateTime()), operator, value);
      case "update_time", "updateTime" ->
          Compare.time(Times.instant(job.getUpdateTime()), operator, value);
      case "start_time", "startTime" ->
          job.hasStartTime() && Compare.time(Times.instant(job.getStartTime()), operator, value);
      case "end_time", "endTime" ->
          job.hasEndTime() && Compare.time(Times.instant(job.getEndTime()), operator, value);
      default -> throw new FilterException("the field \"" + field + "\" cannot be filtered by");
    };
  }

  private boolean state(Operator operator, String value) {
    try {
      JobState.valueOf(value);
    } catch (IllegalArgumentException e) {
      throw new FilterException("\"" + value + "\" is not a JobState");
    }
    return switch (operator) {
      case EQUAL, HAS -> job.getState().name().equals(value);
      case NOT_EQUAL -> !job.getState().name().equals(value);
      default -> throw new FilterException("state takes only the operators =, != and :");
    };
  }
}
