package org.espalier.ui.preferences;

import org.espalier.ui.session.JobFollower;
import org.espalier.workbench.Workbench;

/** Carries settings to where they take effect at once, and asks the desktop where it decides. */
public final class PreferencesInEffect {
  private PreferencesInEffect() {}

  /** Applies the settings of threads and theme now and whenever they change. */
  public static void keep(
      PreferencesViewModel preferences, Workbench workbench, JobFollower follower) {
    preferences
        .chosenTheme()
        .addListener((property, before, after) -> askDesktop(preferences, follower));
    askDesktop(preferences, follower);
    preferences
        .threads()
        .addListener((property, before, after) -> useThreads(preferences, workbench, follower));
    if (preferences.threads().get() > 0) {
      useThreads(preferences, workbench, follower);
    }
  }

  private static void askDesktop(PreferencesViewModel preferences, JobFollower follower) {
    if (preferences.chosenTheme().get().isEmpty()) {
      follower.ask(SystemTheme::read, preferences::systemHas);
    }
  }

  private static void useThreads(
      PreferencesViewModel preferences, Workbench workbench, JobFollower follower) {
    int wanted = preferences.threads().get();
    int threads = wanted == 0 ? Runtime.getRuntime().availableProcessors() : wanted;
    follower.inBackground(() -> workbench.useThreads(threads));
  }
}
