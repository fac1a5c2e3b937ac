package org.espalier;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.espalier.cli.Espalier;
import org.espalier.cli.Terminal;
import org.espalier.torch.TorchRuntime;
import org.espalier.ui.EspalierApplication;
import org.espalier.workbench.LocalWorkbench;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.WorkspaceFolder;

/**
 * Starts the program from the class path; a main class that extends Application cannot. With
 * arguments it is a command line, without them a window, or the main job on the sample model where
 * there is no display.
 */
public final class Launcher {
  private Launcher() {}

  public static void main(String[] args) {
    TorchRuntime.stayOffline();
    if (args.length > 0) {
      System.exit(Espalier.run(List.of(args), Terminal.system(), Launcher::workbench));
    }
    if (!hasDisplay()) {
      System.err.println("There is no display, so the sample model is pruned without a window");
      System.exit(Espalier.run(List.of("demo"), Terminal.system(), Launcher::workbench));
    }
    EspalierApplication.open(workspace -> workbench(workspace, 0));
    System.exit(0);
  }

  private static boolean hasDisplay() {
    String system = System.getProperty("os.name");
    return !system.equals("Linux") || System.getenv("DISPLAY") != null;
  }

  private static Workbench workbench(Optional<Path> workspace, int threads) {
    LocalWorkbench workbench = new LocalWorkbench(workspace.orElseGet(WorkspaceFolder::standard));
    if (threads > 0) {
      workbench.useThreads(threads);
    }
    return workbench;
  }
}
