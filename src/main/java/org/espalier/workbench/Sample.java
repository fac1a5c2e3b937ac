package org.espalier.workbench;

import java.nio.file.Files;
import java.nio.file.Path;
import org.espalier.checkpoint.Checkpoint;
import org.espalier.corpus.SampleModel;
import org.espalier.pruning.Plan;
import org.espalier.pruning.PlanFile;
import org.espalier.task.EspalierException;

/** The embedded sample model: unpacked when first needed, and recognised in its pruned variants. */
final class Sample {
  /** What it is called in lists and plans. */
  static final String NAME = "sample model";

  private final Path parent;
  private SampleModel unpacked;
  private String hash;

  /**
   * @param parent folder that it is unpacked into
   */
  Sample(Path parent) {
    this.parent = parent.toAbsolutePath().normalize();
  }

  synchronized SampleModel model() {
    if (unpacked == null) {
      unpacked = SampleModel.unpack(parent);
    }
    return unpacked;
  }

  /** Whether the folder is the sample model or a run pruned from it. */
  boolean isOrigin(Path folder) {
    if (isSample(folder)) {
      return true;
    }
    if (!Files.isRegularFile(folder.resolve(PlanFile.NAME))) {
      return false;
    }
    try {
      Plan plan = PlanFile.read(folder);
      return plan.checkpointName().equals(NAME) && plan.checkpointHash().equals(hash());
    } catch (EspalierException e) {
      // A damaged plan says nothing about its origin; the weights beside it may still be used.
      return false;
    }
  }

  boolean isSample(Path folder) {
    return folder.toAbsolutePath().normalize().startsWith(parent);
  }

  private synchronized String hash() {
    if (hash == null) {
      try (Checkpoint checkpoint = Checkpoint.open(model().folder())) {
        hash = checkpoint.hash();
      }
    }
    return hash;
  }
}
