package org.espalier.cli;

import org.espalier.task.EspalierException;

/** The command was written wrongly: told in one line, exit status 2. */
final class UsageException extends EspalierException {
  UsageException(String message) {
    super(message);
  }
}
