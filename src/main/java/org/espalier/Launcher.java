package org.espalier;

/** Starts the program from the class path; a main class that extends Application cannot. */
public final class Launcher {
  private Launcher() {}

  public static void main(String[] args) {
    System.out.println("Espalier");
  }
}
