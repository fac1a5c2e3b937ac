package org.espalier.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.allocation.WidthConstraint;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.task.EspalierException;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.DecoderConfig;
import org.espalier.transformer.DecoderLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a target says before a model is pruned holds when it is exported, for every family: it
 * refuses at once, or takes all widths that its constraint allows.
 */
class TargetConstraintTest {
  private static final Path FAMILIES = Path.of("src/test/resources/golden/families");

  static Stream<String> models() throws IOException {
    try (Stream<Path> folders = Files.list(FAMILIES)) {
      return folders.map(path -> path.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void widths_that_are_allowed_before_pruning_are_not_refused_afterwards(String model) {
    try (Checkpoint checkpoint = Checkpoint.open(FAMILIES.resolve(model))) {
      DecoderConfig config = DecoderLayout.of(checkpoint).config();
      for (ExportTarget target : ExportTargets.all()) {
        for (boolean compensated : List.of(false, true)) {
          WidthConstraint constraint;
          try {
            constraint = target.constraint(config, compensated, 1);
          } catch (EspalierException refused) {
            assertThat(refused).hasMessageContaining("choose").hasMessageEndingWith(".");
            continue;
          }
          for (List<BlockShape> shapes : allowed(config.shapes(), constraint)) {
            assertThat(target.refusal(ModelOutline.planned(config, compensated, shapes)))
                .as("%s, compensated %s, %s", target.name(), compensated, shapes)
                .isEmpty();
          }
        }
      }
    }
  }

  private static List<List<BlockShape>> allowed(
      List<BlockShape> dense, WidthConstraint constraint) {
    List<List<BlockShape>> allowed = new ArrayList<>();
    List<BlockShape> mixed = new ArrayList<>(dense);
    BlockShape whole = dense.get(0);
    for (int groups = 1; groups <= whole.headGroups(); groups++) {
      if (constraint.headGroups().isEmpty() || constraint.headGroups().contains(groups)) {
        BlockShape narrow =
            new BlockShape(groups * whole.queryHeadsPerGroup(), groups, whole.channels() - 1);
        allowed.add(Collections.nCopies(dense.size(), narrow));
        if (!constraint.equalHeadGroups()) {
          mixed.set(groups % dense.size(), narrow);
        }
      }
    }
    if (!constraint.equalChannels()) {
      BlockShape last = mixed.get(mixed.size() - 1);
      mixed.set(mixed.size() - 1, new BlockShape(last.queryHeads(), last.headGroups(), 3));
    }
    allowed.add(mixed);
    return allowed;
  }
}
