package org.espalier.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReference;
import org.espalier.recovery.RecoveryPoint;
import org.espalier.recovery.RecoverySetting;
import org.espalier.recovery.RecoverySettings;
import org.espalier.task.EspalierException;
import org.espalier.workbench.RecoveryRequest;
import org.espalier.workspace.RecoveredFrom;
import org.espalier.workspace.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "recover",
    description = {
      "Trains a pruned run by low-rank adapters (LoRA) and keeps the result as a new run, with the"
          + " adapters alone in its folder adapter, as the PEFT library reads them.",
      "A training that was stopped goes on when the same command is given again."
    },
    modelTransformer = RecoverCommand.Settings.class)
final class RecoverCommand extends SessionCommand {
  /** Adds an option for every setting. */
  static final class Settings implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      RecoverCommand recover = (RecoverCommand) command.userObject();
      for (RecoverySetting setting : RecoverySetting.values()) {
        // The seed is an option of every command.
        if (setting != RecoverySetting.SEED) {
          command.addOption(
              OptionSpec.builder("--" + setting.label())
                  .paramLabel("VALUE")
                  .type(String.class)
                  .description(
                      setting.description()
                          + ": "
                          + setting.range()
                          + " (default: "
                          + setting.standard()
                          + ").")
                  .setter(
                      new picocli.CommandLine.Model.ISetter() {
                        @Override
                        public <T> T set(T value) {
                          if (value != null) {
                            recover.given.put(setting, value.toString());
                          }
                          return null;
                        }
                      })
                  .build());
        }
      }
      return command;
    }
  }

  private final Map<RecoverySetting, String> given = new EnumMap<>(RecoverySetting.class);

  @Parameters(paramLabel = "RUN", description = "A run: its name, id or folder.")
  private String runText;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description =
          "Text to learn from: plain text, JSONL with a text field, or .json with token windows"
              + " (default for the sample model: stories like those it learned from).")
  private Path text;

  @Option(
      names = "--instructions",
      paramLabel = "FILE",
      description =
          "Instructions to learn from, in the JSON format of Alpaca; only responses are learned.")
  private Path instructions;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the recovered checkpoint (default: a run in the workspace).")
  private Path out;

  @Option(names = "--force", description = "Replace an existing --out.")
  private boolean force;

  @Option(names = "--name", paramLabel = "NAME", description = "Name of the new run.")
  private String name;

  RecoverCommand(Terminal terminal, WorkbenchFactory factory) {
    super(terminal, factory);
  }

  @Override
  void check() {
    settings();
    if (text != null && instructions != null) {
      throw new UsageException("Give either --text or --instructions, not both");
    }
    if (out != null && !force && Files.exists(out)) {
      throw new EspalierException(out + " exists already; choose another --out or add --force");
    }
  }

  private RecoverySettings settings() {
    given.put(RecoverySetting.SEED, String.valueOf(options().seed()));
    try {
      return RecoverySettings.of(given);
    } catch (EspalierException e) {
      throw new UsageException(e.getMessage());
    }
  }

  @Override
  void run(Session session) {
    Run pruned = session.workbench().findRun(runText);
    RecoveryRequest request =
        new RecoveryRequest(
            settings(),
            instructions == null ? RecoveryRequest.Kind.TEXT : RecoveryRequest.Kind.INSTRUCTIONS,
            Optional.ofNullable(instructions == null ? text : instructions),
            name == null ? pruned.name() + ", recovered" : name,
            Optional.ofNullable(out),
            force);
    AtomicReference<RecoveryPoint> newest = new AtomicReference<>();
    AtomicReference<OptionalDouble> look = new AtomicReference<>(OptionalDouble.empty());
    Run run =
        session.await(
            session
                .workbench()
                .recover(
                    pruned,
                    options().device(),
                    request,
                    point -> {
                      newest.set(point);
                      if (point.perplexity().isPresent()) {
                        look.set(point.perplexity());
                      }
                    }),
            () -> note(newest.get(), look.get()));
    RecoveredFrom recovery = run.recoveredFrom().orElseThrow();
    double before = recovery.looks().get(0).perplexity();
    RecoveredFrom.Look best = recovery.best();
    session.print(
        String.format(
            Locale.ROOT,
            "Held-out perplexity %s before, %s after %d steps; %s in %s",
            Units.number(before),
            Units.number(best.perplexity()),
            best.step(),
            recovery.ending(),
            Units.seconds(run.seconds())));
    session.print("Run " + run.name() + " (" + run.id() + ") in " + run.folder());
    session.result(RunJson.of(run));
  }

  private static String note(RecoveryPoint newest, OptionalDouble look) {
    if (newest == null) {
      return "";
    }
    StringBuilder words = new StringBuilder();
    newest.loss().ifPresent(loss -> words.append("loss ").append(Units.number(loss)));
    look.ifPresent(
        perplexity ->
            words
                .append(words.isEmpty() ? "" : ", ")
                .append("held-out perplexity ")
                .append(Units.number(perplexity)));
    return words.toString();
  }
}
