package org.espalier.ui;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.fxml.FXMLLoader;
import javafx.scene.Parent;
import javafx.scene.Scene;
import org.espalier.ui.about.AboutView;
import org.espalier.ui.about.AboutViewModel;
import org.espalier.ui.allocation.BudgetView;
import org.espalier.ui.allocation.BudgetViewModel;
import org.espalier.ui.allocation.Draft;
import org.espalier.ui.allocation.DraftMenu;
import org.espalier.ui.allocation.DraftViewModel;
import org.espalier.ui.allocation.TargetView;
import org.espalier.ui.allocation.TargetViewModel;
import org.espalier.ui.charts.ChartsView;
import org.espalier.ui.charts.ChartsViewModel;
import org.espalier.ui.charts.DenseRecall;
import org.espalier.ui.charts.FigureTaking;
import org.espalier.ui.charts.Measurements;
import org.espalier.ui.charts.PerplexityView;
import org.espalier.ui.charts.PerplexityViewModel;
import org.espalier.ui.charts.SpeedView;
import org.espalier.ui.charts.SpeedViewModel;
import org.espalier.ui.compare.AgreementViewModel;
import org.espalier.ui.compare.ComparedRuns;
import org.espalier.ui.compare.ComparisonReports;
import org.espalier.ui.compare.ComparisonTableView;
import org.espalier.ui.compare.ComparisonView;
import org.espalier.ui.compare.ComparisonViewModel;
import org.espalier.ui.compare.ContinuationsView;
import org.espalier.ui.compare.ContinuationsViewModel;
import org.espalier.ui.compare.ReadyComparisons;
import org.espalier.ui.compare.ReportView;
import org.espalier.ui.compare.ReportViewModel;
import org.espalier.ui.compare.SameTarget;
import org.espalier.ui.destination.DestinationView;
import org.espalier.ui.destination.DestinationViewModel;
import org.espalier.ui.evaluation.EvaluationView;
import org.espalier.ui.evaluation.EvaluationViewModel;
import org.espalier.ui.evaluation.MeasuredViewModel;
import org.espalier.ui.evaluation.TaskMeasurements;
import org.espalier.ui.evaluation.TasksViewModel;
import org.espalier.ui.export.ExportView;
import org.espalier.ui.export.ExportViewModel;
import org.espalier.ui.heatmap.BlockView;
import org.espalier.ui.heatmap.BlockViewModel;
import org.espalier.ui.heatmap.HeatmapView;
import org.espalier.ui.heatmap.HeatmapViewModel;
import org.espalier.ui.help.Help;
import org.espalier.ui.hub.HubView;
import org.espalier.ui.hub.HubViewModel;
import org.espalier.ui.jobs.JobLogView;
import org.espalier.ui.jobs.JobsView;
import org.espalier.ui.jobs.JobsViewModel;
import org.espalier.ui.method.MethodView;
import org.espalier.ui.method.MethodViewModel;
import org.espalier.ui.platform.FilePicker;
import org.espalier.ui.platform.Fonts;
import org.espalier.ui.platform.Messages;
import org.espalier.ui.platform.UiExecutor;
import org.espalier.ui.prediction.PredictionView;
import org.espalier.ui.prediction.PredictionViewModel;
import org.espalier.ui.preferences.PreferencesInEffect;
import org.espalier.ui.preferences.PreferencesView;
import org.espalier.ui.preferences.PreferencesViewModel;
import org.espalier.ui.preferences.UserPreferences;
import org.espalier.ui.race.RaceView;
import org.espalier.ui.race.RaceViewModel;
import org.espalier.ui.recovery.RecoveryView;
import org.espalier.ui.recovery.RecoveryViewModel;
import org.espalier.ui.restore.ClosingView;
import org.espalier.ui.restore.ClosingViewModel;
import org.espalier.ui.restore.JobResumer;
import org.espalier.ui.restore.LastSession;
import org.espalier.ui.restore.PresentDetails;
import org.espalier.ui.restore.WindowMemory;
import org.espalier.ui.runs.RunsView;
import org.espalier.ui.runs.RunsViewModel;
import org.espalier.ui.runs.TrashView;
import org.espalier.ui.runs.TrashViewModel;
import org.espalier.ui.search.SearchView;
import org.espalier.ui.search.SearchViewModel;
import org.espalier.ui.session.CheckpointOpening;
import org.espalier.ui.session.JobFollower;
import org.espalier.ui.session.Notices;
import org.espalier.ui.session.Session;
import org.espalier.ui.session.Sheets;
import org.espalier.ui.session.UnfinishedJobs;
import org.espalier.ui.start.FirstStepsView;
import org.espalier.ui.start.FirstStepsViewModel;
import org.espalier.ui.start.ModelFolders;
import org.espalier.ui.toolbar.EngineViewModel;
import org.espalier.ui.toolbar.ToolbarView;
import org.espalier.ui.toolbar.ToolbarViewModel;
import org.espalier.ui.trial.TrialView;
import org.espalier.ui.trial.TrialViewModel;
import org.espalier.workbench.Workbench;
import org.espalier.workspace.UnfinishedJob;

/** The one place where the window's parts are made and given what they need. */
public final class CompositionRoot {
  private static final String COMMON_STYLE = "/css/espalier.css";

  private final Messages messages;
  private final PreferencesViewModel preferences;
  private final CheckpointOpening opening;
  private final JobsViewModel jobs;
  private final WindowMemory memory;
  private final ClosingViewModel closing;
  private final Notices notices;
  private final Map<Class<?>, Supplier<?>> views = new HashMap<>();

  public CompositionRoot(
      Workbench workbench,
      UiExecutor executor,
      FilePicker picker,
      UserPreferences remembered,
      Messages messages) {
    this.messages = messages;
    notices = new Notices(messages);
    JobFollower follower = new JobFollower(executor, notices);
    Session session = new Session();
    Sheets sheets = new Sheets();
    UnfinishedJobs unfinished = follower.unfinished();
    preferences = new PreferencesViewModel(remembered);
    opening = new CheckpointOpening(workbench, session, follower, notices, remembered);
    Draft draft = new Draft(session, executor, messages);
    TargetViewModel target = new TargetViewModel(session, draft, messages);
    Measurements measurements = new Measurements(session);
    new DenseRecall(workbench, session, measurements, executor).begin();
    MethodViewModel method =
        new MethodViewModel(workbench, session, follower, notices, picker, messages);
    TaskMeasurements taskMeasurements = new TaskMeasurements(executor);
    TasksViewModel tasks =
        new TasksViewModel(workbench, session, taskMeasurements, follower, picker, messages);
    EvaluationViewModel evaluation =
        new EvaluationViewModel(
            workbench, session, measurements, follower, notices, sheets, picker, tasks, messages);
    MeasuredViewModel measured =
        new MeasuredViewModel(
            workbench, session, measurements, evaluation, tasks, sheets, follower, messages);
    ExportViewModel export =
        new ExportViewModel(
            workbench, session, opening, follower, notices, sheets, picker, messages);
    ReportViewModel report = new ReportViewModel(picker, sheets);
    ReadyComparisons comparisons =
        new ReadyComparisons(workbench, session, follower, notices, picker, report, messages);
    RecoveryViewModel recovery =
        new RecoveryViewModel(
            workbench, session, unfinished, follower, notices, sheets, picker, messages);
    HubViewModel hub =
        new HubViewModel(workbench, opening, follower, notices, sheets, messages, executor::onUi);
    ToolbarViewModel toolbar =
        new ToolbarViewModel(
            workbench, session, draft, opening, unfinished, follower, picker, messages);
    ModelFolders folders = new ModelFolders(opening, remembered, follower, notices, messages);
    FirstStepsViewModel firstSteps = new FirstStepsViewModel(session, draft, folders, remembered);
    EngineViewModel engine =
        new EngineViewModel(workbench, executor, follower, notices, remembered, opening, messages);
    HeatmapViewModel heatmap = new HeatmapViewModel(session, draft, executor, messages);
    RunsViewModel runs =
        new RunsViewModel(
            workbench, session, draft, method, measurements, opening, follower, notices, messages);
    TrashViewModel trash = new TrashViewModel(workbench, follower, notices, sheets, messages);
    DraftViewModel draftFiles =
        new DraftViewModel(workbench, session, draft, follower, notices, picker, messages);
    BudgetViewModel budget = new BudgetViewModel(session, draft, messages);
    PredictionViewModel prediction =
        new PredictionViewModel(workbench, session, draft, measurements, follower, messages);
    BlockViewModel block =
        new BlockViewModel(heatmap, session.analysis(), prediction.costs(), messages);
    prediction
        .column()
        .addListener(
            (property, before, after) -> heatmap.moreColumns().setAll(after.stream().toList()));
    DestinationViewModel destination =
        new DestinationViewModel(
            workbench, session, draft, prediction, heatmap.overlay(), follower, messages);
    SameTarget sameTarget =
        new SameTarget(
            workbench,
            session,
            method,
            evaluation,
            heatmap.overlay(),
            follower,
            notices,
            sheets,
            messages);
    toolbar
        .pruned()
        .addListener(
            (property, before, run) -> {
              if (preferences.measuresNewRuns().get()) {
                evaluation.lookAt(run);
              }
            });
    ComparisonReports reports =
        new ComparisonReports(workbench, session, follower, notices, picker, messages);
    FigureTaking taking = new FigureTaking(follower, notices, picker, messages);
    RaceViewModel race =
        new RaceViewModel(
            workbench, session, follower, executor, notices, sheets, picker, taking, messages);
    TrialViewModel trial =
        new TrialViewModel(workbench, session, draft, follower, executor, notices, messages);
    PerplexityViewModel perplexity = new PerplexityViewModel(session, measurements, messages);
    SearchViewModel search =
        new SearchViewModel(
            workbench, session, measurements.live(), follower, executor, notices, messages);
    SpeedViewModel speed = new SpeedViewModel(session, messages);
    ComparedRuns comparedRuns = new ComparedRuns(workbench, session, follower);
    AgreementViewModel agreement =
        new AgreementViewModel(workbench, session, follower, notices, messages);
    ContinuationsViewModel continuations =
        new ContinuationsViewModel(
            workbench, session, comparedRuns, follower, executor, notices, messages);
    ComparisonViewModel comparison =
        new ComparisonViewModel(
            session,
            comparedRuns,
            agreement,
            continuations,
            preferences,
            sheets,
            taking,
            follower,
            picker,
            messages);
    ChartsViewModel charts = new ChartsViewModel(perplexity, speed, preferences, taking, messages);
    PreferencesInEffect.keep(preferences, workbench, follower);
    jobs = new JobsViewModel(workbench, executor, follower, sheets, messages);
    closing = new ClosingViewModel(jobs, unfinished, notices, sheets, messages);
    JobResumer resumer = new JobResumer(session, unfinished, notices, messages);
    resumer.learn(UnfinishedJob.Analysing.class, (job, run) -> method.goOn(job));
    resumer.learn(UnfinishedJob.Pricing.class, (job, run) -> prediction.goOn(job));
    resumer.learn(UnfinishedJob.Pruning.class, (job, run) -> toolbar.goOn(job));
    resumer.learn(UnfinishedJob.Training.class, (job, run) -> recovery.goOn(run.get(), job));
    resumer.learn(UnfinishedJob.Evaluating.class, evaluation::goOn);
    resumer.learn(UnfinishedJob.Answering.class, tasks::goOn);
    resumer.learn(UnfinishedJob.Comparing.class, (job, run) -> comparisons.goOn(job));
    resumer.learn(UnfinishedJob.Racing.class, (job, run) -> race.goOn(job));
    resumer.learn(UnfinishedJob.Exporting.class, (job, run) -> export.startOver(job, run.get()));
    memory =
        new WindowMemory(
            workbench,
            session,
            draft,
            method,
            opening,
            new PresentDetails(heatmap, budget.context(), runs.typedNotes()),
            unfinished,
            resumer,
            follower,
            executor,
            notices,
            messages);
    workbench.onRuns(list -> executor.onUi(() -> session.runsChanged(list)));
    follower.ask(workbench::runs, session::runsChanged);

    views.put(
        MainView.class, () -> new MainView(notices, target, draft, sheets, folders, messages));
    views.put(
        ToolbarView.class,
        () ->
            new ToolbarView(
                toolbar,
                folders,
                engine,
                method,
                evaluation,
                export,
                hub,
                comparisons,
                race,
                reports,
                sheets,
                messages));
    views.put(TargetView.class, () -> new TargetView(target));
    views.put(MethodView.class, () -> new MethodView(method, search, messages));
    views.put(DestinationView.class, () -> new DestinationView(destination, messages));
    views.put(FirstStepsView.class, () -> new FirstStepsView(firstSteps, messages));
    views.put(
        RunsView.class,
        () -> new RunsView(runs, search, trash, recovery, preferences, sheets, messages));
    views.put(HeatmapView.class, () -> new HeatmapView(heatmap, sameTarget, preferences, messages));
    views.put(DraftMenu.class, () -> new DraftMenu(draftFiles, messages));
    views.put(BlockView.class, () -> new BlockView(block, preferences, messages));
    views.put(BudgetView.class, () -> new BudgetView(budget, messages));
    views.put(PredictionView.class, () -> new PredictionView(prediction, sheets, messages));
    views.put(RaceView.class, () -> new RaceView(race, preferences, sheets, messages));
    views.put(ReportView.class, () -> new ReportView(report, preferences, sheets, messages));
    views.put(TrialView.class, () -> new TrialView(trial, sheets, messages));
    views.put(ChartsView.class, () -> new ChartsView(charts, speed, preferences, messages));
    views.put(PerplexityView.class, () -> new PerplexityView(perplexity, preferences));
    views.put(SearchView.class, () -> new SearchView(search, preferences));
    views.put(SpeedView.class, () -> new SpeedView(charts, speed, preferences));
    views.put(JobsView.class, () -> new JobsView(jobs, messages));
    views.put(TrashView.class, () -> new TrashView(trash, sheets, messages));
    views.put(ClosingView.class, () -> new ClosingView(closing));
    views.put(JobLogView.class, () -> new JobLogView(jobs, sheets, messages));
    views.put(
        EvaluationView.class,
        () -> new EvaluationView(evaluation, tasks, measured, sheets, messages));
    views.put(RecoveryView.class, () -> new RecoveryView(recovery, preferences, sheets, messages));
    views.put(ExportView.class, () -> new ExportView(export, sheets, messages));
    views.put(
        ComparisonView.class,
        () ->
            new ComparisonView(
                comparison, comparedRuns, agreement, continuations, sheets, messages));
    views.put(ComparisonTableView.class, () -> new ComparisonTableView(messages));
    views.put(ContinuationsView.class, () -> new ContinuationsView(continuations, messages));
    views.put(HubView.class, () -> new HubView(hub, messages));
    AboutViewModel about = new AboutViewModel(engine, messages);
    views.put(AboutView.class, () -> new AboutView(about, sheets));
    views.put(
        PreferencesView.class,
        () -> new PreferencesView(preferences, engine, sheets, picker, messages));
  }

  /** What the window's looks follow. */
  PreferencesViewModel preferences() {
    return preferences;
  }

  /** Shows a sentence until it is dismissed. */
  void tell(String sentence) {
    notices.tell(sentence);
  }

  /** Opens the sample model; to be called once the window stands. */
  public void openSample() {
    opening.open(Optional.empty());
  }

  /**
   * Goes on where the last window was left, else with the sample model; to be called once the
   * window stands.
   */
  public void begin(LastSession last) {
    memory.begin(last);
  }

  /** Keeps what is shown for the next start; to be called as the window goes. */
  public void finish() {
    memory.finish();
  }

  /**
   * True if the window may close now. Otherwise it asks what becomes of unfinished jobs.
   *
   * @param close closes the window once that is answered
   */
  public boolean mayClose(Runnable close) {
    return closing.mayClose(close);
  }

  /** Looks for what other programs did to the runs meanwhile. */
  public void cameToFront() {
    memory.cameToFront();
  }

  /** True while a job runs or waits. */
  public boolean isBusy() {
    return jobs.isBusy();
  }

  /** Loads the window's content; its looks follow the preferences. */
  public Scene scene(double width, double height) {
    Fonts.load();
    FXMLLoader loader =
        new FXMLLoader(CompositionRoot.class.getResource("/fxml/Main.fxml"), messages.bundle());
    loader.setControllerFactory(this::view);
    try {
      Parent root = loader.load();
      Scene scene = new Scene(root, width, height);
      preferences.theme().addListener((property, before, after) -> dress(scene));
      preferences.textSize().addListener((property, before, after) -> dress(scene));
      dress(scene);
      // What the columns hold joins the tree only with their skin.
      root.applyCss();
      Help.install(root, messages);
      root.lookup("#espalier").requestFocus();
      memory.watch(root);
      return scene;
    } catch (IOException e) {
      throw new UncheckedIOException("the window's own layout cannot be read", e);
    }
  }

  private Object view(Class<?> type) {
    Supplier<?> maker = views.get(type);
    if (maker == null) {
      throw new IllegalStateException("nobody makes a " + type.getSimpleName());
    }
    return maker.get();
  }

  private void dress(Scene scene) {
    scene
        .getStylesheets()
        .setAll(
            List.of(
                    COMMON_STYLE,
                    preferences.theme().get().styleSheet(),
                    preferences.textSize().get().styleSheet())
                .stream()
                .map(sheet -> CompositionRoot.class.getResource(sheet).toExternalForm())
                .toList());
  }
}
