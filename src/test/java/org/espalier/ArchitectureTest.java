package org.espalier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.util.List;

/** The house rules: arrows go down only, and some rooms may not see some tools. */
@AnalyzeClasses(packages = "org.espalier", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  /** Lowest floor first; a package may use only those before it. */
  private static final List<String> FLOORS =
      List.of(
          "task",
          "checkpoint",
          "hub",
          "torch",
          "transformer",
          "corpus",
          "statistics",
          "importance",
          "allocation",
          "search",
          "pruning",
          "recovery",
          "evaluation",
          "export",
          "workspace",
          "report",
          "workbench",
          "cli",
          "ui");

  @ArchTest
  static final ArchRule packages_have_no_cycles =
      slices().matching("org.espalier.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule only_torch_sees_the_engine_internals =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.espalier.torch..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl.pytorch..");

  @ArchTest
  static final ArchRule plain_rooms_see_no_tensors =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.espalier.task..",
              "org.espalier.checkpoint..",
              "org.espalier.hub..",
              "org.espalier.allocation..",
              "org.espalier.search..",
              "org.espalier.report..",
              "org.espalier.cli..",
              "org.espalier.ui..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.djl..", "org.espalier.torch..");

  @ArchTest
  static final ArchRule only_the_window_sees_the_toolkit =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.espalier.ui..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("javafx..", "org.controlsfx..", "org.jfree.chart.fx..");

  @ArchTest
  static final ArchRule only_the_command_line_sees_its_parser =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.espalier.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  @ArchTest
  static void arrows_go_down_only(JavaClasses classes) {
    for (int floor = 0; floor < FLOORS.size(); floor++) {
      String[] above =
          FLOORS.subList(floor + 1, FLOORS.size()).stream()
              .map(name -> "org.espalier." + name + "..")
              .toArray(String[]::new);
      if (above.length > 0) {
        noClasses()
            .that()
            .resideInAPackage("org.espalier." + FLOORS.get(floor) + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(above)
            .allowEmptyShould(true)
            .check(classes);
      }
    }
  }

  @ArchTest
  static void every_package_has_a_floor(JavaClasses classes) {
    noClasses()
        .should(
            ArchConditions.be(
                new DescribedPredicate<JavaClass>("outside the house") {
                  @Override
                  public boolean test(JavaClass type) {
                    String name = type.getPackageName();
                    return !name.equals("org.espalier")
                        && FLOORS.stream()
                            .noneMatch(
                                floor ->
                                    name.equals("org.espalier." + floor)
                                        || name.startsWith("org.espalier." + floor + "."));
                  }
                }))
        .check(classes);
  }
}
