package org.espalier.ui.allocation;

import java.util.List;
import java.util.Locale;
import org.espalier.task.EspalierException;
import org.espalier.ui.platform.FilePicker;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.workbench.Analysis;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.SavedDraft;

/** Names, snapshots and files of the draft. */
public final class DraftViewModel {
  private static final List<String> KINDS = List.of("json", "csv");

  private final Workbench workbench;
  private final Session session;
  private final Draft draft;
  private final JobFollower follower;
  private final Notices notices;
  private final FilePicker picker;
  private final Messages messages;

  public DraftViewModel(
      Workbench workbench,
      Session session,
      Draft draft,
      JobFollower follower,
      Notices notices,
      FilePicker picker,
      Messages messages) {
    this.workbench = workbench;
    this.session = session;
    this.draft = draft;
    this.follower = follower;
    this.notices = notices;
    this.picker = picker;
    this.messages = messages;
  }

  public Draft draft() {
    return draft;
  }

  /** Gives the draft a name; empty ones are refused. */
  public void rename(String name) {
    if (name.isBlank()) {
      notices.tell(messages.text("notice.noDraftName"));
    } else if (!name.strip().equals(draft.state().get().name())) {
      draft.rename(name);
    }
  }

  /** Asks where and writes the draft there, as JSON or CSV by the name's ending. */
  public void save() {
    if (session.checkpoint().get() == null) {
      notices.tell(messages.text("notice.nothingOpen"));
      return;
    }
    picker
        .pickNewFile(messages.text("draft.save"), fileName(), KINDS)
        .ifPresent(
            file -> {
              SavedDraft saved = draft.saved();
              follower.ask(
                  () -> {
                    workbench.saveDraft(file, saved);
                    return file;
                  },
                  done -> notices.tell(messages.text("notice.draftSaved", draft.name(), done)));
            });
  }

  /** Asks for a file and goes on with the draft in it. */
  public void open() {
    if (session.checkpoint().get() == null) {
      notices.tell(messages.text("notice.nothingOpen"));
      return;
    }
    picker
        .pickFile(messages.text("draft.open"), KINDS)
        .ifPresent(file -> follower.ask(() -> workbench.readDraft(file), this::take));
  }

  private void take(SavedDraft saved) {
    try {
      draft.open(saved);
    } catch (EspalierException refused) {
      notices.tell(refused);
      return;
    }
    Analysis analysis = session.analysis().get();
    if (analysis != null
        && !saved.method().isEmpty()
        && !saved.method().equals(analysis.method().name())) {
      notices.tell(
          messages.text("notice.draftOtherMethod", saved.method(), analysis.method().title()));
    }
  }

  private String fileName() {
    String plain = draft.name().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}.]+", "-");
    return plain.replaceAll("^[-.]+|-$", "") + ".json";
  }
}
