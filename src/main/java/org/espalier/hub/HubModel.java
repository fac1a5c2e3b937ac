package org.espalier.hub;

import java.util.regex.Pattern;
import org.espalier.task.EspalierException;

/**
 * A model of the hub at one revision.
 *
 * @param id {@code ORG/NAME}, or one name for a few old models
 * @param revision a branch, a tag or a commit
 */
public record HubModel(String id, String revision) {
  /** What stands before a model where a folder could stand too. */
  public static final String PREFIX = "hub:";

  /** What stands before the models' folders in the cache. */
  static final String FOLDER_PREFIX = "models--";

  private static final String MAIN = "main";
  private static final String WORD = "[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?";
  private static final Pattern ID = Pattern.compile(WORD + "(?:/" + WORD + ")?");
  private static final Pattern REVISION = Pattern.compile(WORD + "(?:/" + WORD + ")*");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  public HubModel {
    if (!ID.matcher(id).matches() || id.contains("..") || id.contains("--") || id.length() > 96) {
      throw new EspalierException(
          "'" + id + "' is no model of the hub; write ORG/NAME, for example Qwen/Qwen2.5-0.5B.");
    }
    if (!REVISION.matcher(revision).matches()
        || revision.contains("..")
        || revision.length() > 200) {
      throw new EspalierException(
          "'" + revision + "' is no revision; give a branch, a tag or a commit of " + id + ".");
    }
  }

  /**
   * Reads {@code ORG/NAME} or {@code ORG/NAME@REVISION}, with or without {@link #PREFIX}.
   *
   * @throws EspalierException if it is neither
   */
  public static HubModel parse(String text) {
    String model = text.strip();
    if (isHubModel(model)) {
      model = model.substring(PREFIX.length());
    }
    int at = model.indexOf('@');
    return at < 0
        ? new HubModel(model, MAIN)
        : new HubModel(model.substring(0, at), model.substring(at + 1));
  }

  /** Whether a text means a model of the hub and no folder. */
  public static boolean isHubModel(String text) {
    return text.startsWith(PREFIX);
  }

  /** Whether the revision names one state for good. */
  boolean isCommit() {
    return isCommit(revision);
  }

  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  /** As in the cache that programs share. */
  String folderName() {
    return FOLDER_PREFIX + id.replace("/", "--");
  }

  @Override
  public String toString() {
    return revision.equals(MAIN) ? id : id + "@" + revision;
  }
}
