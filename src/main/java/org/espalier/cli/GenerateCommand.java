package org.espalier.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.espalier.workbench.GenerationRequest;
import org.espalier.workbench.OpenedCheckpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "generate", description = "Continues a prompt.")
final class GenerateCommand extends SessionCommand {
  @Parameters(paramLabel = "DIR", description = Session.CHECKPOINT_HELP)
  private String folder;

  @Option(names = "--prompt", paramLabel = "TEXT", required = true, description = "The beginning.")
  private String prompt;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "128",
      description = "Most new tokens (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0",
      description = "0 always takes the likeliest token; higher draws more freely (default: 0).")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Draw only from the K likeliest tokens (default: from all).")
  private Integer topK;

  GenerateCommand(Terminal terminal, WorkbenchFactory factory) {
    super(terminal, factory);
  }

  @Override
  void check() {
    UsageException.requireAtLeast(1, "--tokens", tokens);
    UsageException.requireAtLeast(1, "--top-k", topK);
    if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new UsageException("--temperature must be at least 0, not " + temperature);
    }
  }

  @Override
  void run(Session session) {
    OpenedCheckpoint opened = session.open(folder);
    GenerationRequest request =
        new GenerationRequest(
            prompt, tokens, temperature, topK == null ? 0 : topK, options().seed());
    AtomicBoolean begun = new AtomicBoolean();
    String text =
        session.awaitSilently(
            session
                .workbench()
                .generate(
                    opened,
                    request,
                    piece -> {
                      if (!begun.getAndSet(true)) {
                        session.printPiece(prompt);
                      }
                      session.printPiece(piece);
                    }));
    session.print(begun.get() ? "" : prompt);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("prompt", prompt);
    result.put("text", text);
    result.put("tokens", tokens);
    result.put("temperature", temperature);
    result.put("seed", options().seed());
    session.result(result);
  }
}
