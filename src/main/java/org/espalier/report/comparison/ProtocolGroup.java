package org.espalier.report.comparison;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.espalier.evaluation.PerplexityResult;
import org.espalier.evaluation.Protocol;
import org.espalier.report.ComparableProtocols;
import org.espalier.workspace.Run;

/**
 * Runs of one dense model that were measured under one protocol: only these may be ranked.
 *
 * @param checkpointHash content hash of the dense model
 * @param protocol that of the first member; those of the others differ by the device at most
 * @param dense the dense model under this protocol, if that is known
 * @param members in the order of the runs, each with its newest result under the protocol
 */
public record ProtocolGroup(
    String checkpointHash,
    Protocol protocol,
    Optional<PerplexityResult> dense,
    List<Member> members) {
  public ProtocolGroup {
    members = List.copyOf(members);
  }

  /** A run and the number that it is ranked by. */
  public record Member(Run run, PerplexityResult perplexity) {}

  /** Whether a run takes part. */
  public boolean has(Run run) {
    return of(run).isPresent();
  }

  /** A run's result under this protocol. */
  public Optional<PerplexityResult> of(Run run) {
    return members.stream()
        .filter(member -> member.run().id().equals(run.id()))
        .map(Member::perplexity)
        .findFirst();
  }

  /** All groups, the largest first; a run stands in as many as it has protocols. */
  public static List<ProtocolGroup> of(List<ComparedRun> runs) {
    List<ProtocolGroup> groups = new ArrayList<>();
    for (ComparedRun compared : runs) {
      Run run = compared.run();
      for (PerplexityResult result : run.perplexities()) {
        if (groups.stream().noneMatch(group -> group.takes(run, result))) {
          groups.add(of(run.checkpointHash(), result.protocol(), runs));
        }
      }
    }
    groups.sort(Comparator.comparingInt(group -> -group.members().size()));
    return groups;
  }

  private boolean takes(Run run, PerplexityResult result) {
    return run.checkpointHash().equals(checkpointHash)
        && ComparableProtocols.are(result.protocol(), protocol);
  }

  private static ProtocolGroup of(String hash, Protocol protocol, List<ComparedRun> runs) {
    List<Member> members = new ArrayList<>();
    Optional<PerplexityResult> dense = Optional.empty();
    for (ComparedRun compared : runs) {
      Run run = compared.run();
      if (run.checkpointHash().equals(hash)) {
        newest(run.perplexities(), protocol)
            .ifPresent(result -> members.add(new Member(run, result)));
        dense = dense.or(() -> newest(compared.densePerplexities(), protocol));
      }
    }
    return new ProtocolGroup(hash, protocol, dense, members);
  }

  private static Optional<PerplexityResult> newest(
      List<PerplexityResult> results, Protocol protocol) {
    return results.stream()
        .filter(result -> ComparableProtocols.are(result.protocol(), protocol))
        .reduce((earlier, later) -> later);
  }
}
