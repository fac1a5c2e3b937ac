package org.espalier.torch;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Runs a TorchScript method with or without inference mode. The engine's public way always switches
 * it on, and what it returns can then neither be changed in place nor take part in gradients; the
 * native entry that leaves the mode alone is not public. Which engine version this fits is fixed in
 * the build, and the kernels' self-test would fail first.
 */
final class ModuleCall {
  private static final MethodHandle RUN;
  private static final MethodHandle WRAP;

  static {
    try {
      ClassLoader loader = IValueUtils.class.getClassLoader();
      Class<?> library = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary", true, loader);
      MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(library, MethodHandles.lookup());
      Object instance = lookup.findStaticGetter(library, "LIB", library).invoke();
      RUN =
          lookup
              .findVirtual(
                  library,
                  "moduleRunMethod",
                  MethodType.methodType(
                      long.class,
                      long.class,
                      String.class,
                      long[].class,
                      boolean.class,
                      boolean.class))
              .bindTo(instance);
      WRAP =
          MethodHandles.privateLookupIn(IValue.class, MethodHandles.lookup())
              .findConstructor(IValue.class, MethodType.methodType(void.class, long.class));
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private ModuleCall() {}

  /**
   * The result must be closed by the caller, and so must the arguments.
   *
   * @param inference whether results are for reading only, which is a little faster
   */
  static IValue run(PtSymbolBlock module, String function, IValue[] arguments, boolean inference) {
    long[] handles = new long[arguments.length];
    for (int i = 0; i < handles.length; i++) {
      handles[i] = arguments[i].getHandle();
    }
    try {
      long result =
          (long)
              RUN.invokeExact(module.getHandle().longValue(), function, handles, !inference, false);
      return (IValue) WRAP.invokeExact(result);
    } catch (EngineException e) {
      throw DeviceMemoryException.isReasonOf(e) ? new DeviceMemoryException(e) : e;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
