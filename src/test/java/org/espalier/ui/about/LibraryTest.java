package org.espalier.ui.about;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** The list that the window shows is what the build takes in. */
class LibraryTest {
  private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)}");

  private final Map<String, String> listed = new TreeMap<>();

  LibraryTest() {
    Library.all().forEach(library -> listed.put(library.coordinates(), library.version()));
  }

  @Test
  void names_the_program_and_every_dependency_with_its_version() throws Exception {
    Document pom =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Path.of("pom.xml").toFile());
    Element project = pom.getDocumentElement();
    Map<String, String> properties = new HashMap<>();
    children(child(project, "properties"))
        .forEach(property -> properties.put(property.getTagName(), property.getTextContent()));
    List<Element> dependencies =
        children(child(project, "dependencies"))
            .filter(one -> !text(one, "scope").equals("test"))
            .toList();

    assertThat(dependencies).isNotEmpty();
    assertThat(listed).containsEntry("org.espalier:espalier", text(project, "version"));
    for (Element dependency : dependencies) {
      Matcher version = PROPERTY.matcher(text(dependency, "version"));
      assertThat(listed)
          .containsEntry(
              text(dependency, "groupId") + ":" + text(dependency, "artifactId"),
              version.replaceAll(found -> properties.get(found.group(1))));
    }
  }

  @Test
  void names_only_what_is_there() {
    List<String> jars =
        Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
            .map(entry -> Path.of(entry).getFileName().toString())
            .toList();

    assertThat(Library.all())
        .filteredOn(library -> !library.coordinates().startsWith("org.espalier:"))
        .filteredOn(library -> !library.coordinates().startsWith("font:"))
        .hasSizeGreaterThan(30)
        .allSatisfy(
            library ->
                assertThat(jars)
                    .anyMatch(
                        jar ->
                            jar.startsWith(
                                library.coordinates().split(":")[1] + "-" + library.version())));
  }

  @Test
  void every_line_has_a_licence() {
    assertThat(Library.all()).allSatisfy(library -> assertThat(library.licence()).isNotBlank());
  }

  private static Element child(Element parent, String name) {
    return children(parent).filter(one -> one.getTagName().equals(name)).findFirst().orElseThrow();
  }

  private static String text(Element parent, String name) {
    return children(parent)
        .filter(one -> one.getTagName().equals(name))
        .findFirst()
        .map(Node::getTextContent)
        .orElse("");
  }

  private static Stream<Element> children(Element parent) {
    return Stream.iterate(parent.getFirstChild(), node -> node != null, Node::getNextSibling)
        .filter(Element.class::isInstance)
        .map(Element.class::cast);
  }
}
