package io.fashionmnist.training.kubectl.text;

import io.fashionmnist.training.api.plan.JobPlan;
import io.fashionmnist.training.api.plan.Outlook;
import io.fashionmnist.training.api.plan.PlacementOutlook;
import io.fashionmnist.training.api.plan.QuotaAmounts;
import io.fashionmnist.training.api.plan.QuotaNeed;
import io.fashionmnist.training.api.v1alpha1.Backend;
import io.fashionmnist.training.kubectl.text.Screen.Colour;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What would become of a job, as text. Pure. */
public final class PlanText {
  private static final String INDENT = "   ";
  private static final int LABEL = 8;

  private PlanText() {}

  /** The plan in full. */
  public static List<String> lines(JobPlan plan, Screen screen) {
    List<String> lines = new ArrayList<>();
    lines.add(verdict(plan, screen));
    int width = plan.placements().stream().mapToInt(each -> each.name().length()).max().orElse(0);
    int number = 1;
    for (PlacementOutlook each : plan.placements()) {
      lines.add("");
      lines.addAll(placement(number++, width, each, plan, screen));
    }
    return lines;
  }

  private static String verdict(JobPlan plan, Screen screen) {
    String job =
        "%s in namespace %s"
            .formatted(Optional.ofNullable(plan.name()).orElse("The job"), plan.namespace());
    if (plan.refusal() != null) {
      return screen.in(
          Colour.RED,
          "%s would fail: %s. %s"
              .formatted(job, plan.refusal().reason(), plan.refusal().message()));
    }
    return plan.startsOn() == null
        ? screen.in(
            Colour.YELLOW,
            job + " would find no room now: it would wait and go round its placements again.")
        : screen.in(Colour.BOLD, "%s would start on %s.".formatted(job, plan.startsOn()));
  }

  private static List<String> placement(
      int number, int width, PlacementOutlook placement, JobPlan plan, Screen screen) {
    List<String> lines = new ArrayList<>();
    String reason = Optional.ofNullable(placement.reason()).map(each -> "  " + each).orElse("");
    lines.add(
        "%d  %s  %s%s"
            .formatted(
                number,
                screen.in(Colour.BOLD, pad(placement.name(), width)),
                screen.in(colour(placement.outlook()), word(placement.outlook())),
                screen.in(colour(placement.outlook()), reason)));
    lines.addAll(labelled("on", where(placement), screen));
    bucket(placement).ifPresent(text -> lines.addAll(labelled("bucket", text, screen)));
    if (!placement.quota().isEmpty()) {
      lines.addAll(quota(placement.quota(), screen));
    }
    Optional.ofNullable(placement.message())
        .ifPresent(text -> lines.addAll(labelled("why", text, screen)));
    Optional.ofNullable(placement.advice())
        .ifPresent(text -> lines.addAll(labelled("change", text, screen)));
    return lines;
  }

  private static String word(Outlook outlook) {
    return switch (outlook) {
      case OPEN -> "open";
      case UNDECIDED -> "undecided";
      case SHUT -> "shut";
      case NOT_ALLOWED -> "not allowed";
    };
  }

  private static Colour colour(Outlook outlook) {
    return switch (outlook) {
      case OPEN -> Colour.GREEN;
      case UNDECIDED -> Colour.YELLOW;
      case SHUT, NOT_ALLOWED -> Colour.RED;
    };
  }

  private static String where(PlacementOutlook placement) {
    return placement.backend() == Backend.CLUSTER
        ? "this cluster; its scheduler and its queues say when"
        : "Vertex AI: "
            + Stream.of(placement.machine(), placement.region(), placement.project())
                .filter(part -> part != null)
                .collect(Collectors.joining(", "));
  }

  private static Optional<String> bucket(PlacementOutlook placement) {
    return Optional.ofNullable(placement.bucket())
        .map(
            bucket ->
                "%s, %s"
                    .formatted(
                        bucket.name(),
                        Optional.ofNullable(bucket.location())
                            .map(location -> "in " + location)
                            .orElse("whose region the operator can't look up")));
  }

  private static List<String> quota(List<QuotaNeed> needs, Screen screen) {
    Table table = new Table("QUOTA", ">NEEDS", ">LIMIT", ">IN USE", ">RESERVED", "");
    needs.forEach(
        need -> {
          Optional<QuotaAmounts> known = Optional.ofNullable(need.known());
          boolean tooSmall =
              need.checked()
                  && need.demand() != null
                  && known
                      .map(QuotaAmounts::limit)
                      .filter(limit -> limit != QuotaAmounts.UNLIMITED && limit < need.demand())
                      .isPresent();
          table.row(
              List.of(
                  Table.Cell.of(need.metric()),
                  Table.Cell.of(need.demand() == null ? "?" : "" + need.demand()),
                  new Table.Cell(
                      known.map(QuotaText::limit).orElse("?"),
                      text -> tooSmall ? screen.in(Colour.RED, text) : text),
                  Table.Cell.of(known.map(QuotaText::usage).orElse("?")),
                  Table.Cell.of(known.map(each -> "" + each.reserved()).orElse("0")),
                  Table.Cell.of(need.checked() ? "" : "not checked: its name is a guess")));
        });
    return table.lines(screen, INDENT);
  }

  /** A word, and what there is to say of it, in lines that fit. */
  private static List<String> labelled(String label, String text, Screen screen) {
    int room = Math.max(40, screen.columns() - INDENT.length() - LABEL - 1);
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > room) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    List<String> labelled = new ArrayList<>();
    for (int each = 0; each < lines.size(); each++) {
      String start = screen.in(Colour.GREY, pad(each == 0 ? label : "", LABEL));
      labelled.add(INDENT + start + lines.get(each));
    }
    return labelled;
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
