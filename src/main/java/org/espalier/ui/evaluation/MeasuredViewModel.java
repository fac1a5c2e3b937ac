package org.espalier.ui.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.ListChangeListener;
import org.espalier.evaluation.PerplexityBand;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.Protocol;
import org.espalier.evaluation.SpeedComparison;
import org.espalier.evaluation.SpeedResult;
import org.espalier.report.comparison.EvaluationCommands;
import org.espalier.report.comparison.Reproduction;
import org.espalier.ui.charts.Measurements;
import org.espalier.ui.charts.ProtocolWords;
import org.espalier.ui.evaluation.EvaluationViewModel.Subject;
import org.espalier.ui.platform.Figures;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Sheets;
import org.espalier.workbench.OpenedCheckpoint;
import org.espalier.workbench.SpeedRequest;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.Orders;
import org.espalier.workspace.Run;

/** Every number that is known of the model in the evaluation sheet; each can be measured again. */
public final class MeasuredViewModel {
  private final Workbench workbench;
  private final Session session;
  private final Measurements measurements;
  private final EvaluationViewModel evaluation;
  private final TasksViewModel tasks;
  private final Sheets sheets;
  private final JobFollower follower;
  private final Messages messages;
  private final Map<String, Orders> orders = new HashMap<>();
  private final ReadOnlyObjectWrapper<List<MeasuredLine>> lines =
      new ReadOnlyObjectWrapper<>(List.of());

  public MeasuredViewModel(
      Workbench workbench,
      Session session,
      Measurements measurements,
      EvaluationViewModel evaluation,
      TasksViewModel tasks,
      Sheets sheets,
      JobFollower follower,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.measurements = measurements;
    this.evaluation = evaluation;
    this.tasks = tasks;
    this.sheets = sheets;
    this.follower = follower;
    this.messages = messages;
    evaluation.subject().addListener((property, before, after) -> lookUp());
    sheets.open().addListener((property, before, after) -> lookUp());
    session.runs().addListener((ListChangeListener<Run>) change -> lookUp());
    measurements.revision().addListener((property, before, after) -> refresh());
    tasks.revision().addListener((property, before, after) -> refresh());
  }

  public ReadOnlyObjectProperty<List<MeasuredLine>> lines() {
    return lines.getReadOnlyProperty();
  }

  /** Measures a number once more, as it was asked for. */
  public void again(MeasuredLine line) {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    Subject subject = evaluation.subject().get();
    if (checkpoint != null && subject != null) {
      line.order()
          .ifPresent(order -> evaluation.again(checkpoint, subject.run(), order, line.device()));
    }
  }

  /** Asks the disk how the shown run's numbers were asked for. */
  private void lookUp() {
    refresh();
    shown()
        .flatMap(Subject::run)
        .ifPresent(
            run ->
                follower.ask(
                    () -> workbench.orders(run),
                    known -> {
                      orders.put(run.id(), known);
                      refresh();
                    }));
  }

  private Optional<Subject> shown() {
    return sheets.open().get() == Sheets.Sheet.EVALUATION
        ? Optional.ofNullable(evaluation.subject().get())
        : Optional.empty();
  }

  private void refresh() {
    List<MeasuredLine> fresh = shown().map(this::linesOf).orElse(List.of());
    // The same lines again would take a button away from under the mouse.
    if (!fresh.equals(lines.get())) {
      lines.set(fresh);
    }
  }

  private List<MeasuredLine> linesOf(Subject subject) {
    List<MeasuredLine> all = new ArrayList<>();
    // What was measured since the sheet opened belongs to a newer value of the run.
    Optional<Run> run =
        subject
            .run()
            .map(
                chosen ->
                    session.runs().stream()
                        .filter(known -> known.id().equals(chosen.id()))
                        .findFirst()
                        .orElse(chosen));
    measurements
        .curve(run.map(Run::id).orElse(Measurements.DENSE), Optional.empty())
        .filter(Measurements.Curve::live)
        .ifPresent(curve -> all.add(running(curve)));
    EvaluationCommands commands = commands(run);
    Orders known = commands.orders();
    for (PerplexityResult result : run.map(Run::perplexities).orElseGet(evaluation::denseResults)) {
      Protocol protocol = result.protocol();
      all.add(
          line(result)
              .repeatable(
                  known.perplexity(protocol),
                  protocol.device(),
                  commands.command(protocol),
                  messages.text("measured.orderUnknown")));
    }
    all.addAll(tasks.lines(run, commands));
    if (run.isEmpty()) {
      evaluation.denseSpeed().ifPresent(speed -> all.add(repeatable(line(speed), speed, commands)));
    } else {
      run.get()
          .speed()
          .ifPresent(speed -> all.add(repeatable(line(speed), speed.pruned(), commands)));
    }
    return all;
  }

  /** What a speed depends on stands in it; only rounds thrown away may not be known any more. */
  private static MeasuredLine repeatable(
      MeasuredLine line, SpeedResult speed, EvaluationCommands commands) {
    Orders.SpeedOrder order =
        commands
            .orders()
            .speed()
            .orElseGet(
                () ->
                    new SpeedRequest(
                            speed.batch(),
                            speed.promptTokens(),
                            speed.newTokens(),
                            SpeedRequest.DEFAULT.warmUps(),
                            speed.rounds())
                        .order());
    return line.repeatable(Optional.of(order), speed.device(), commands.command(speed), "");
  }

  private EvaluationCommands commands(Optional<Run> run) {
    OpenedCheckpoint checkpoint = session.checkpoint().get();
    boolean sample = checkpoint != null && checkpoint.sample();
    String dense =
        sample || checkpoint == null ? Reproduction.SAMPLE : checkpoint.folder().toString();
    return new EvaluationCommands(
        run.map(Run::name).orElse(dense),
        sample,
        run.map(chosen -> orders.getOrDefault(chosen.id(), Orders.NONE))
            .orElseGet(evaluation::denseOrders));
  }

  private MeasuredLine running(Measurements.Curve curve) {
    int done = curve.perplexities().size();
    return new MeasuredLine(
        messages.text("evaluation.perplexity"),
        done == 0 ? "" : Figures.perplexity(curve.perplexities().get(done - 1)),
        messages.text("measured.windows", done, curve.windows()),
        "",
        curve.description());
  }

  private MeasuredLine line(PerplexityResult result) {
    PerplexityBand band = result.band();
    String spread =
        result.windows() < 2
            ? ""
            : messages.text(
                "measured.band", Figures.perplexity(band.low()), Figures.perplexity(band.high()));
    List<String> remarks = new ArrayList<>();
    if (result.estimate()) {
      remarks.add(messages.text("measured.estimate", result.windows(), result.textWindows()));
    }
    result.warnings().forEach(warning -> remarks.add("⚠ " + warning));
    return new MeasuredLine(
        messages.text("evaluation.perplexity"),
        Figures.perplexity(result.perplexity()) + spread,
        new ProtocolWords(messages).of(result.protocol()),
        String.join("\n", remarks),
        result.protocol().description());
  }

  private MeasuredLine line(SpeedComparison speed) {
    return new MeasuredLine(
        messages.text("chart.speed"),
        messages.text(
            "measured.faster",
            String.format(Locale.ROOT, "%.2f", speed.decode().median()),
            String.format(Locale.ROOT, "%.2f", speed.prefill().median())),
        messages.text(
                "measured.againstDense",
                rate(speed.dense().decodeTokensPerSecond()),
                rate(speed.pruned().decodeTokensPerSecond()),
                rate(speed.dense().prefillTokensPerSecond()),
                rate(speed.pruned().prefillTokensPerSecond()),
                Figures.bytes(speed.dense().peakMemoryBytes()),
                Figures.bytes(speed.pruned().peakMemoryBytes()))
            + "\n"
            + protocol(speed.pruned()),
        String.join("\n", speed.notes().stream().map(note -> note + ".").toList()),
        messages.text(
            "measured.spread",
            spread(speed.decode()),
            spread(speed.prefill()),
            protocol(speed.pruned())));
  }

  private MeasuredLine line(SpeedResult speed) {
    return new MeasuredLine(
        messages.text("chart.speed"),
        messages.text("measured.tokens", rate(speed.decodeTokensPerSecond())),
        messages.text(
                "measured.alone",
                rate(speed.prefillTokensPerSecond()),
                Figures.bytes(speed.peakMemoryBytes()))
            + "\n"
            + protocol(speed),
        "",
        protocol(speed));
  }

  private String protocol(SpeedResult speed) {
    return new ProtocolWords(messages).of(speed);
  }

  private static String rate(double tokensPerSecond) {
    return Figures.speed(tokensPerSecond);
  }

  private static String spread(SpeedComparison.Spread spread) {
    return String.format(
        Locale.ROOT, "%.2f (%.2f – %.2f)", spread.median(), spread.low(), spread.high());
  }
}
