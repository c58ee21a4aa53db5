#include <cblas.h>
#include <dlfcn.h>

// OpenBLAS starts threads as soon as it is loaded, and each spins for some 25 ms. Commands that
// multiply nothing need not pay for that: the library is loaded when the first product is asked for.
typedef struct {
  __typeof__(&cblas_sgemm) sgemm;
  __typeof__(&openblas_set_num_threads) set_num_threads;
  __typeof__(&openblas_get_corename) get_corename;
} copenblas_functions;

// Loads the library; returns 0 if it is not there, or lacks a function.
static inline int copenblas_load(copenblas_functions *functions) {
  void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
  if (!library) return 0;
  functions->sgemm = (__typeof__(&cblas_sgemm))dlsym(library, "cblas_sgemm");
  functions->set_num_threads =
      (__typeof__(&openblas_set_num_threads))dlsym(library, "openblas_set_num_threads");
  functions->get_corename =
      (__typeof__(&openblas_get_corename))dlsym(library, "openblas_get_corename");
  return functions->sgemm && functions->set_num_threads && functions->get_corename;
}
