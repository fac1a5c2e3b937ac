package org.espalier.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.hub.HubFile;
import org.espalier.hub.HubListing;
import org.espalier.hub.HubModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "fetch",
    description =
        "Downloads a model from the Hugging Face hub into the cache that programs share, or its"
            + " newest state. An interrupted download goes on where it stood.")
final class FetchCommand extends SessionCommand {
  private record Entry(String name, long bytes) {}

  private record Result(
      String model,
      String commit,
      List<Entry> files,
      long bytes,
      long missingBytes,
      String folder) {}

  @Parameters(
      paramLabel = "MODEL",
      description = "ORG/NAME, or ORG/NAME@REVISION (a branch, a tag or a commit).")
  private String model;

  @Option(names = "--list", description = "Only list what would be downloaded.")
  private boolean listOnly;

  FetchCommand(Terminal terminal, WorkbenchFactory factory) {
    super(terminal, factory);
  }

  @Override
  void run(Session session) {
    HubListing listing = session.await(session.workbench().listModel(HubModel.parse(model)));
    for (HubFile file : listing.files()) {
      session.print(String.format("%12s  %s", Units.bytes(file.bytes()), file.name()));
    }
    session.print(
        listing.model()
            + " at "
            + listing.commit()
            + ": "
            + Units.bytes(listing.bytes())
            + " in all, "
            + Units.bytes(listing.missingBytes())
            + " to download");
    Optional<Path> folder =
        listOnly
            ? Optional.empty()
            : Optional.of(session.await(session.workbench().fetchModel(listing)));
    folder.ifPresent(there -> session.print(there.toString()));
    session.result(
        new Result(
            listing.model().toString(),
            listing.commit(),
            listing.files().stream().map(file -> new Entry(file.name(), file.bytes())).toList(),
            listing.bytes(),
            listing.missingBytes(),
            folder.map(Path::toString).orElse("")));
  }
}
