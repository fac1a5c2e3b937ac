package org.espalier.ui.heatmap;

import java.util.List;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import org.espalier.report.heatmap.EspalierPicture;
import org.espalier.transformer.SubLayer;
import org.espalier.transformer.SubLayerKind;

/**
 * What keys do in the espalier: up and down choose a block, left and right a sub-layer, with Shift
 * several of them; plus and minus change what they keep by one unit (with Shift by a twentieth), L
 * locks, B locks the block, R releases, E evens out, X resets, Enter enlarges the block.
 */
final class EspalierKeys {
  private final HeatmapViewModel viewModel;
  private SubLayer focused = SubLayer.attention(0);

  EspalierKeys(HeatmapViewModel viewModel) {
    this.viewModel = viewModel;
  }

  /** The sub-layer that keys act on. */
  SubLayer focused() {
    return focused;
  }

  void focus(SubLayer subLayer) {
    focused = subLayer;
  }

  /** True if the key means something here. */
  boolean press(EspalierPicture picture, KeyEvent event) {
    return event.isShortcutDown()
        ? shortcut(picture, event.getCode())
        : move(picture, event) || edit(event);
  }

  private boolean shortcut(EspalierPicture picture, KeyCode code) {
    switch (code) {
      case A -> viewModel.selection().choose(picture.model().subLayers());
      case SPACE -> viewModel.selection().toggle(List.of(focused));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean move(EspalierPicture picture, KeyEvent event) {
    int last = picture.model().blocks().size() - 1;
    int block =
        switch (event.getCode()) {
          case UP -> Math.max(0, focused.block() - 1);
          case DOWN -> Math.min(last, focused.block() + 1);
          case HOME -> 0;
          case END -> last;
          case LEFT, RIGHT -> focused.block();
          default -> -1;
        };
    if (block < 0) {
      return false;
    }
    SubLayerKind kind =
        event.getCode() == KeyCode.LEFT
            ? SubLayerKind.ATTENTION
            : event.getCode() == KeyCode.RIGHT ? SubLayerKind.FEED_FORWARD : focused.kind();
    if (event.isShiftDown()) {
      if (viewModel.selection().isEmpty()) {
        viewModel.selection().startAt(focused);
      }
      viewModel
          .selection()
          .extendTo(
              block,
              kind == focused.kind()
                      && event.getCode() != KeyCode.LEFT
                      && event.getCode() != KeyCode.RIGHT
                  ? List.of(kind)
                  : List.of(SubLayerKind.values()));
    }
    focused = new SubLayer(block, kind);
    return true;
  }

  private boolean edit(KeyEvent event) {
    boolean far = event.isShiftDown();
    switch (event.getCode()) {
      case PLUS, ADD, EQUALS -> viewModel.change(focused, true, far);
      case MINUS, SUBTRACT, UNDERSCORE -> viewModel.change(focused, false, far);
      case L, SPACE -> viewModel.toggleLocks(focused);
      case B -> viewModel.draft().toggleBlockLock(focused.block());
      case R, DELETE -> viewModel.release(focused);
      case X, BACK_SPACE -> viewModel.reset(focused);
      case E -> viewModel.evenOut();
      case ENTER -> viewModel.enlarge(focused.block());
      case ESCAPE -> viewModel.selection().clear();
      default -> {
        return false;
      }
    }
    return true;
  }
}
