package org.espalier.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.espalier.transformer.BlockShape;
import org.espalier.transformer.TensorNames;
import org.espalier.transformer.WeightSlot;

/**
 * What a folder in Hugging Face layout is to hold.
 *
 * @param configuration config.json
 * @param names how the folder names tensors, and which it stores as one
 * @param blocks in the order in which they are numbered in the folder
 * @param code content of further files that the folder needs, by name
 * @param loadOptions what the loading call needs beside the folder, as code; may be empty
 * @param note what a user should know about the result; may be empty
 */
record FolderLayout(
    ObjectNode configuration,
    TensorNames names,
    List<Block> blocks,
    Map<String, String> code,
    String loadOptions,
    String note) {
  /**
   * One block.
   *
   * @param index of the model's block that it is
   * @param slots the tensors to be written; what the model's block lacks of them is zero
   */
  record Block(int index, BlockShape shape, Set<WeightSlot> slots) {}
}
