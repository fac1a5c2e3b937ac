package org.espalier.cli;

import java.util.List;
import org.espalier.task.CancelledException;
import org.espalier.task.EspalierException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: the same use cases as the window, for servers and scripts. */
@Command(
    name = "espalier",
    mixinStandardHelpOptions = true,
    version = "Espalier 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Structured pruning of large language models.",
      "Without a command: the workbench, or the main job on the sample model where there is no"
          + " display."
    },
    footer = {
      "",
      "Exit status: 0 done, 1 failed (one line on standard error says why), 2 wrong usage.",
      "A stopped command goes on where it stood when it is given again."
    })
public final class Espalier implements Runnable {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  @Spec private CommandSpec spec;

  private Espalier() {}

  /**
   * Runs one command.
   *
   * @return the exit status: 0 done, 1 failed, 2 wrong usage
   */
  public static int run(List<String> arguments, Terminal terminal, WorkbenchFactory factory) {
    CommandLine commandLine = new CommandLine(new Espalier());
    for (Object command :
        List.of(
            new InspectCommand(terminal, factory),
            new ScoreCommand(terminal, factory),
            new PruneCommand(terminal, factory),
            new RecoverCommand(terminal, factory),
            new EvaluateCommand(terminal, factory),
            new GenerateCommand(terminal, factory),
            new CompareCommand(terminal, factory),
            new CompareMethodsCommand(terminal, factory),
            new ExportCommand(terminal, factory),
            new MethodsCommand(terminal, factory),
            new FetchCommand(terminal, factory),
            new DemoCommand(terminal, factory))) {
      CommandLine subcommand = new CommandLine(command);
      subcommand.getCommandSpec().mixinStandardHelpOptions(true);
      commandLine.addSubcommand(subcommand);
    }
    commandLine.setOut(terminal.out());
    commandLine.setErr(terminal.err());
    commandLine.setUsageHelpWidth(Math.min(100, Math.max(60, terminal.columns())));
    commandLine.setUsageHelpAutoWidth(false);
    commandLine.setParameterExceptionHandler(
        (failure, given) -> {
          tell(terminal, failure.getMessage());
          terminal
              .err()
              .println(
                  "'"
                      + failure.getCommandLine().getCommandSpec().qualifiedName()
                      + " --help' shows the usage");
          return WRONG_USAGE;
        });
    commandLine.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (!(failure instanceof CancelledException)) {
            tell(terminal, sentence(failure));
          }
          return failure instanceof UsageException ? WRONG_USAGE : FAILED;
        });
    return commandLine.execute(arguments.toArray(String[]::new));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  private static void tell(Terminal terminal, String message) {
    terminal.err().println("espalier: " + message.lines().findFirst().orElse("failed"));
    terminal.err().flush();
  }

  private static String sentence(Exception failure) {
    if (failure instanceof EspalierException) {
      return failure.getMessage();
    }
    return "internal error: " + failure;
  }
}
