package org.espalier.cli;

import java.util.ArrayList;
import java.util.List;
import org.espalier.allocation.PrunableModel;
import org.espalier.workbench.OpenedCheckpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "inspect",
    description = "Shows family, shapes, parameters and memory of a checkpoint, and what can go.")
final class InspectCommand extends SessionCommand {
  private record Description(
      String name,
      String folder,
      String family,
      int blocks,
      int hiddenSize,
      int vocabularySize,
      String dtype,
      long bytes,
      boolean tokenizer,
      ParameterCounts parameters,
      long units,
      List<Integer> blockNumbers,
      List<Integer> headGroups,
      List<Integer> channels,
      List<Long> parametersPerHeadGroup,
      List<Long> parametersPerChannel) {}

  private record ParameterCounts(long total, long layer, long prunable) {}

  @Parameters(paramLabel = "DIR", description = Session.CHECKPOINT_HELP)
  private String folder;

  InspectCommand(Terminal terminal, WorkbenchFactory factory) {
    super(terminal, factory);
  }

  @Override
  void run(Session session) {
    OpenedCheckpoint opened = session.open(folder);
    PrunableModel model = opened.model();
    session.print(
        opened.name()
            + ": "
            + opened.family()
            + ", "
            + model.blocks().size()
            + " blocks, hidden size "
            + opened.hiddenSize()
            + ", vocabulary "
            + Units.count(opened.vocabularySize())
            + (opened.hasTokenizer() ? "" : ", no tokenizer"));
    session.print(
        "Parameters: "
            + Units.count(model.totalParameters())
            + " in all, "
            + Units.count(model.layerParameters())
            + " in blocks, "
            + Units.count(model.prunableParameters())
            + " prunable");
    session.print("Weights: " + opened.dtype() + ", " + Units.bytes(opened.bytes()));
    session.print(
        String.format("%5s  %11s  %8s  %12s", "block", "head groups", "channels", "prunable"));
    for (int b = 0; b < model.blocks().size(); b++) {
      PrunableModel.Block block = model.blocks().get(b);
      long prunable =
          block.headGroups() * block.parametersPerHeadGroup()
              + block.channels() * block.parametersPerChannel();
      session.print(
          String.format(
              "%5d  %11d  %8d  %12s",
              model.number(b), block.headGroups(), block.channels(), Units.count(prunable)));
    }
    session.result(description(opened));
  }

  private static Description description(OpenedCheckpoint opened) {
    PrunableModel model = opened.model();
    List<Integer> headGroups = new ArrayList<>();
    List<Integer> channels = new ArrayList<>();
    List<Long> perHeadGroup = new ArrayList<>();
    List<Long> perChannel = new ArrayList<>();
    for (PrunableModel.Block block : model.blocks()) {
      headGroups.add(block.headGroups());
      channels.add(block.channels());
      perHeadGroup.add(block.parametersPerHeadGroup());
      perChannel.add(block.parametersPerChannel());
    }
    return new Description(
        opened.name(),
        opened.folder().toString(),
        opened.family(),
        model.blocks().size(),
        opened.hiddenSize(),
        opened.vocabularySize(),
        opened.dtype(),
        opened.bytes(),
        opened.hasTokenizer(),
        new ParameterCounts(
            model.totalParameters(), model.layerParameters(), model.prunableParameters()),
        model.units(),
        model.numbers(),
        headGroups,
        channels,
        perHeadGroup,
        perChannel);
  }
}
