package org.espalier.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Functions written in TorchScript: operations that the engine's Java interface lacks, and longer
 * computations that should cross the native border once. Sources are resource files holding plain
 * {@code def} functions whose first parameter is {@code self}; each file is compiled once per
 * process.
 *
 * <p>Arguments may be NDArray, null (None), Integer, Long, Float, Double, Boolean, String, long[],
 * double[], collections of NDArray (List[Tensor]) and {@link TensorDictionary}. Results are
 * ordinary tensors that belong to the innermost {@link TorchScope}; gradients are recorded only
 * inside {@link Autograd}.
 */
public final class Kernels {
  private static final String CORE = "torchscript/core.py";
  private static final Map<String, Kernels> COMPILED = new ConcurrentHashMap<>();

  private final PtSymbolBlock module;

  private Kernels(PtSymbolBlock module) {
    this.module = module;
  }

  /** The general functions in {@code torchscript/core.py}, proved when the engine starts. */
  public static Kernels core() {
    return of(CORE);
  }

  /**
   * The functions of a resource file, compiled at the first call.
   *
   * @param resource path on the class path, for example {@code torchscript/core.py}
   */
  public static Kernels of(String resource) {
    Kernels known = COMPILED.get(resource);
    if (known != null) {
      return known;
    }
    TorchThreads.prepareCurrent();
    return compileOnce(resource);
  }

  /** As {@link #core} while the runtime itself is still starting. */
  static Kernels compileCore() {
    return compileOnce(CORE);
  }

  private static Kernels compileOnce(String resource) {
    return COMPILED.computeIfAbsent(resource, Kernels::compile);
  }

  private static Kernels compile(String resource) {
    byte[] archive = TorchScriptArchive.fromResource(resource);
    try {
      PtNDManager owner = (PtNDManager) TorchRuntime.shared().rootManager();
      return new Kernels(
          JniUtils.loadModule(owner, new ByteArrayInputStream(archive), false, false));
    } catch (IOException e) {
      throw new IllegalStateException("an archive in memory cannot fail to be read", e);
    }
  }

  /** Runs a function that returns one tensor. */
  public NDArray call(String function, Object... arguments) {
    try (IValue result = run(function, arguments)) {
      return result.toTensor(owner());
    }
  }

  /**
   * Runs a function that returns one tensor for reading only: a little faster, but the result can
   * neither be changed in place nor take part in gradients.
   */
  public NDArray callForReading(String function, Object... arguments) {
    try (IValue result = run(true, function, arguments)) {
      return result.toTensor(owner());
    }
  }

  /** Runs a function that returns several tensors. */
  public NDList callForList(String function, Object... arguments) {
    try (IValue result = run(function, arguments)) {
      return result.toNDList(owner());
    }
  }

  /** Runs a function that returns an integer. */
  public long callForLong(String function, Object... arguments) {
    try (IValue result = run(function, arguments)) {
      return result.toLong();
    }
  }

  /** Runs a function that returns a floating-point number. */
  public double callForDouble(String function, Object... arguments) {
    try (IValue result = run(function, arguments)) {
      return result.toDouble();
    }
  }

  /** Runs a function that returns a truth value. */
  public boolean callForBoolean(String function, Object... arguments) {
    try (IValue result = run(function, arguments)) {
      return result.toBoolean();
    }
  }

  /** Runs a function for its effect on its arguments. */
  public void apply(String function, Object... arguments) {
    run(function, arguments).close();
  }

  private static PtNDManager owner() {
    return (PtNDManager) TorchScope.current().manager();
  }

  private IValue run(String function, Object... arguments) {
    return run(false, function, arguments);
  }

  private IValue run(boolean inference, String function, Object... arguments) {
    TorchThreads.prepareCurrent();
    IValue[] values = new IValue[arguments.length];
    try {
      for (int i = 0; i < arguments.length; i++) {
        values[i] = value(arguments[i]);
      }
      return ModuleCall.run(module, function, values, inference);
    } finally {
      for (int i = 0; i < values.length; i++) {
        if (values[i] != null && !(arguments[i] instanceof TensorDictionary)) {
          values[i].close();
        }
      }
    }
  }

  private IValue value(Object argument) {
    if (argument instanceof PtNDArray array) {
      return IValue.from(array);
    }
    if (argument instanceof TensorDictionary dictionary) {
      return dictionary.value();
    }
    if (argument == null) {
      return ModuleCall.run(core().module, "none", new IValue[0], true);
    }
    if (argument instanceof Integer || argument instanceof Long) {
      return IValue.from(((Number) argument).longValue());
    }
    if (argument instanceof Float || argument instanceof Double) {
      return IValue.from(((Number) argument).doubleValue());
    }
    if (argument instanceof Boolean flag) {
      return IValue.from(flag.booleanValue());
    }
    if (argument instanceof String text) {
      return IValue.from(text);
    }
    if (argument instanceof long[] numbers) {
      return IValue.listFrom(numbers);
    }
    if (argument instanceof double[] numbers) {
      return IValue.listFrom(numbers);
    }
    if (argument instanceof Collection<?> arrays) {
      return IValue.listFrom(arrays.toArray(new PtNDArray[0]));
    }
    throw new IllegalArgumentException(
        "kernels take no argument of type " + argument.getClass().getName());
  }
}
