package org.espalier.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that works on a workbench. */
abstract class SessionCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final WorkbenchFactory factory;

  @Mixin private CommonOptions options;

  SessionCommand(Terminal terminal, WorkbenchFactory factory) {
    this.terminal = terminal;
    this.factory = factory;
  }

  CommonOptions options() {
    return options;
  }

  Terminal terminal() {
    return terminal;
  }

  /** Complains about wrong usage that shows without opening anything. */
  void check() {}

  abstract void run(Session session);

  @Override
  public final Integer call() {
    options.check();
    check();
    try (Session session = new Session(options, terminal, factory)) {
      run(session);
    }
    return 0;
  }
}
